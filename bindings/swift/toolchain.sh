#!/bin/sh
# Runs a command where Swift is: `sh toolchain.sh swift --version`.
#
# When `swift` is on PATH, that one is used. Else a small Debian (trixie, package swiftlang) is made once in a folder of
# its own and entered by `chroot` inside a mount namespace, so that nothing stays mounted. Without arguments it only sees
# to it that there is a Swift. Needs: root, debootstrap and Debian's keyring (debian-archive-keyring), and the first time a Debian
# mirror, whose signatures are checked. Exit 77 says that this machine lacks what is needed; a mirror that does not answer, or whose
# signatures do not fit, is a failure (1), so that an outage does not pass for a machine without Swift. Who knows better says so:
#
#   YINZHENG_WITHOUT_SWIFT reason why no Swift is to be had here now, such as no network: then it is skipped (77)
#
#   YINZHENG_SWIFT_ROOT    where the Debian lies (else $CARGO_TARGET_DIR/swift-root, else target/swift-root)
#   YINZHENG_DEBIAN_MIRROR another mirror
#   YINZHENG_DEBIAN_KEYRING another keyring
#   YINZHENG_BIND          further folders to see inside, one space between them; the repository, cargo's target
#                          folder and /tmp are there anyway
set -eu
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)

cannot() { echo "swift: $*" >&2; exit 77; }

if command -v swift >/dev/null 2>&1; then
    [ $# -eq 0 ] || exec "$@"
    exit 0
fi

targets=${CARGO_TARGET_DIR:-$repository/target}
targets=$(mkdir -p "$targets" && cd "$targets" && pwd)
root=${YINZHENG_SWIFT_ROOT:-$targets/swift-root}
mirror=${YINZHENG_DEBIAN_MIRROR:-http://deb.debian.org/debian}

# A Debian that was made before needs no network.
[ -e "$root/.whole" ] || [ -z "${YINZHENG_WITHOUT_SWIFT:-}" ] || cannot "$YINZHENG_WITHOUT_SWIFT"
[ "$(uname -s)" = Linux ] || cannot "no swift on PATH"
[ "$(id -u)" = 0 ] || cannot "no swift on PATH, and only root can make a Debian for it"
command -v unshare >/dev/null 2>&1 || cannot "no swift on PATH, and no unshare to enter a Debian with it"

unshare -m true 2>/dev/null || cannot "no swift on PATH, and no right to make a mount namespace here"

# Made beside its place and moved there when it is whole: what a stopped run left is made again. One run at a time makes it, and
# what this script did not make is never deleted.
if [ ! -e "$root/.whole" ]; then
    command -v debootstrap >/dev/null 2>&1 || cannot "no swift on PATH, and no debootstrap to make a Debian with it"
    keyring=${YINZHENG_DEBIAN_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
    [ -s "$keyring" ] || cannot "no swift on PATH, and no keyring of Debian (debian-archive-keyring) to check one by"
    mkdir -p "$(dirname "$root")"
    exec 9>"$root.lock"
    flock 9
fi
if [ ! -e "$root/.whole" ]; then
    log="$root.log"
    for folder in "$root" "$root.new"; do
        if [ -d "$folder" ] && [ ! -e "$folder/.yinzheng-swift" ] && ! rmdir "$folder" 2>/dev/null; then
            echo "swift: $folder holds something that this script did not put there; delete it, or name another folder in YINZHENG_SWIFT_ROOT" >&2
            exit 1
        fi
        rm -rf "$folder"
    done
    echo "swift: making a Debian with Swift in $root (once; 3 GB)" >&2
    made=
    # Twice: a mirror may be out of breath for a moment.
    for try in 1 2; do
        rm -rf "$root.new"
        mkdir "$root.new"
        : >"$root.new/.yinzheng-swift"
        if unshare -m debootstrap --force-check-gpg --keyring="$keyring" --variant=minbase \
            --include=swiftlang,libc6-dev,libstdc++-14-dev,git,ca-certificates trixie "$root.new" "$mirror" >"$log" 2>&1; then
            made=1
            break
        fi
        tail -5 "$log" >&2
        rm -rf "$root.new"
    done
    if [ -z "$made" ]; then
        echo "swift: debootstrap made no Debian with swiftlang (see $log); where there is no network, set YINZHENG_WITHOUT_SWIFT" >&2
        exit 1
    fi
    rm -rf "$root.new"/var/cache/apt/archives/*.deb
    : >"$root.new/.whole"
    mv "$root.new" "$root"
fi
exec 9>&-
[ $# -gt 0 ] || exit 0

# Everything is seen inside under the path that it has outside: what Swift writes down of paths stays true.
export SWIFT_ROOT="$root" SWIFT_BIND="$repository $targets /tmp ${YINZHENG_BIND:-}" SWIFT_AT="$PWD"
exec unshare -m sh -c '
    set -eu
    mount --make-rprivate /
    mount -t proc proc "$SWIFT_ROOT/proc"
    mount --rbind /dev "$SWIFT_ROOT/dev"
    for folder in $SWIFT_BIND; do
        mkdir -p "$folder" "$SWIFT_ROOT$folder"
        mount --bind "$folder" "$SWIFT_ROOT$folder"
    done
    exec chroot "$SWIFT_ROOT" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb \
        SECONDS_OF_THREADS="${SECONDS_OF_THREADS:-}" \
        sh -c "cd \"\$0\" 2>/dev/null || cd /; exec \"\$@\"" "$SWIFT_AT" "$@"
' sh "$@"
