// Verification kits read by veraison/go-cose (signatures) and transparency-dev/merkle (trees).
//
//	go run . KIT …
package main

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fxamacker/cbor/v2"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/veraison/go-cose"
)

var passed, failed int

func expect(what string, found error, good bool) {
	if (found == nil) == good {
		passed++
		return
	}
	failed++
	fmt.Printf("FAILED go-cose: %s: %v\n", what, found)
}

func spoilt(data []byte) []byte {
	copied := append([]byte(nil), data...)
	copied[len(copied)-1] ^= 1
	return copied
}

func verifier(alg cose.Algorithm, pemBytes []byte) (cose.Verifier, error) {
	block, _ := pem.Decode(pemBytes)
	if block == nil {
		return nil, fmt.Errorf("no PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	return cose.NewVerifier(alg, key.(crypto.PublicKey))
}

func verify(message, key, payload []byte) error {
	var sign1 cose.Sign1Message
	if err := sign1.UnmarshalCBOR(message); err != nil {
		return err
	}
	alg, err := sign1.Headers.Protected.Algorithm()
	if err != nil {
		return err
	}
	check, err := verifier(alg, key)
	if err != nil {
		return err
	}
	if payload != nil {
		sign1.Payload = payload
	}
	return sign1.Verify(nil, check)
}

// An inclusion proof of RFC 9942: [size, index, path].
type inclusion struct {
	_     struct{} `cbor:",toarray"`
	Size  uint64
	Index uint64
	Path  [][]byte
}

// The root that a receipt's path leads to from an entry.
func root(receipt, entry []byte) ([]byte, error) {
	var sign1 cose.Sign1Message
	if err := sign1.UnmarshalCBOR(receipt); err != nil {
		return nil, err
	}
	raw, err := cbor.Marshal(sign1.Headers.Unprotected[int64(396)])
	if err != nil {
		return nil, err
	}
	var proofs map[int64][][]byte
	if err := cbor.Unmarshal(raw, &proofs); err != nil {
		return nil, err
	}
	if len(proofs[-1]) != 1 {
		return nil, fmt.Errorf("%d inclusion proofs", len(proofs[-1]))
	}
	var path inclusion
	if err := cbor.Unmarshal(proofs[-1][0], &path); err != nil {
		return nil, err
	}
	leaf := rfc6962.DefaultHasher.HashLeaf(entry)
	return proof.RootFromInclusionProof(rfc6962.DefaultHasher, path.Index, path.Size, leaf, path.Path)
}

func verifyReceipt(receipt, entry, key []byte) error {
	found, err := root(receipt, entry)
	if err != nil {
		return err
	}
	return verify(receipt, key, found)
}

func kit(folder string) {
	name := filepath.Base(folder)
	read := func(file string) []byte {
		data, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			expect(name, err, true)
		}
		return data
	}
	if strings.Contains(string(read("COMMANDS.txt")), "\nblock (SM2") {
		return // no COSE library knows SM2
	}
	receipt, entry, key := read("receipt.cbor"), read("entry.cbor"), read("block-key.pem")
	expect(name+": receipt", verifyReceipt(receipt, entry, key), true)
	expect(name+": spoilt entry", verifyReceipt(receipt, spoilt(entry), key), false)
	expect(name+": spoilt receipt", verifyReceipt(spoilt(receipt), entry, key), false)
	digest := sha256.Sum256(entry)
	expect(name+": another root", verify(receipt, key, digest[:]), false)
	for _, pattern := range []string{"statement-*-key.pem", "countersignature-*-key.pem"} {
		keys, _ := filepath.Glob(filepath.Join(folder, pattern))
		for _, path := range keys {
			what := strings.TrimSuffix(filepath.Base(path), "-key.pem")
			message, key := read(what+".cbor"), read(what+"-key.pem")
			expect(name+": "+what, verify(message, key, nil), true)
			expect(name+": spoilt "+what, verify(spoilt(message), key, nil), false)
		}
	}
}

func main() {
	for _, folder := range os.Args[1:] {
		kit(folder)
	}
	fmt.Printf("go-cose: %d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}
