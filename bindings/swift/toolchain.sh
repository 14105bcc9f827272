#!/bin/sh
# Runs a command where Swift is: `sh toolchain.sh swift --version`.
#
# When `swift` is on PATH, that one is used. Else a small Debian (trixie, package swiftlang) is made once in a folder of
# its own and entered by `chroot` inside a mount namespace, so that nothing stays mounted. Without arguments it only sees
# to it that there is a Swift. Needs: root and debootstrap, and the first time a Debian mirror. Exit 77 says that Swift
# cannot be had here.
#
#   YINZHENG_SWIFT_ROOT    where the Debian lies (else $CARGO_TARGET_DIR/swift-root, else target/swift-root)
#   YINZHENG_DEBIAN_MIRROR another mirror
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

[ "$(uname -s)" = Linux ] || cannot "no swift on PATH"
[ "$(id -u)" = 0 ] || cannot "no swift on PATH, and only root can make a Debian for it"
command -v unshare >/dev/null 2>&1 || cannot "no swift on PATH, and no unshare to enter a Debian with it"

unshare -m true 2>/dev/null || cannot "no swift on PATH, and no right to make a mount namespace here"

# Made beside its place and moved there when it is whole: what a stopped run left is made again. One run at a time makes it, and
# what this script did not make is never deleted.
if [ ! -e "$root/.whole" ]; then
    command -v debootstrap >/dev/null 2>&1 || cannot "no swift on PATH, and no debootstrap to make a Debian with it"
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
    mkdir "$root.new"
    : >"$root.new/.yinzheng-swift"
    echo "swift: making a Debian with Swift in $root (once; 3 GB)" >&2
    if ! unshare -m debootstrap --variant=minbase --include=swiftlang,libc6-dev,libstdc++-14-dev,git,ca-certificates \
        trixie "$root.new" "$mirror" >"$log" 2>&1; then
        tail -5 "$log" >&2
        rm -rf "$root.new"
        cannot "debootstrap could not make a Debian with swiftlang (see $log)"
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
