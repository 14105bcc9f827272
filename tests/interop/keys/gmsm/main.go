// gmsm, in Go: SM2, and key files of both suites. Answers the questions that ../README.md describes.
package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/emmansun/gmsm/pkcs8"
	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

var passphrase = []byte("correct horse 印证")

var schemes = map[string]*pkcs8.Opts{
	"aes": {
		Cipher:  pkcs8.AES256CBC,
		KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 16, IterationCount: 10000, HMACHash: pkcs8.SHA256},
	},
	"sm4": {
		Cipher:  pkcs8.SM4CBC,
		KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 16, IterationCount: 10000, HMACHash: pkcs8.SM3},
	},
}

var errUnsupported = errors.New("unsupported")

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		reply, err := answer(strings.Fields(lines.Text()))
		if errors.Is(err, errUnsupported) {
			reply = "unsupported"
		} else if err != nil {
			reply = "error " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(reply)
	}
}

func answer(words []string) (string, error) {
	switch words[0] {
	case "about":
		return "gmsm files+sm4 SM2", nil
	case "make":
		return makeKey(schemes[words[2]])
	case "sign":
		id, message := unhex(words[4]), unhex(words[5])
		// It takes an empty user id for the default one.
		if len(id) == 0 {
			return "", errUnsupported
		}
		key, err := secret(unhex(words[2]))
		if err != nil {
			return "", err
		}
		signature, err := key.Sign(rand.Reader, message, sm2.NewSM2SignerOption(true, id))
		return hex.EncodeToString(signature), err
	case "sign-digest":
		key, err := secret(unhex(words[2]))
		if err != nil {
			return "", err
		}
		signature, err := key.Sign(rand.Reader, unhex(words[3]), nil)
		return hex.EncodeToString(signature), err
	case "verify":
		return verify(unhex(words[2]), unhex(words[3]), unhex(words[4]), unhex(words[5]))
	default:
		return "", errUnsupported
	}
}

func makeKey(scheme *pkcs8.Opts) (string, error) {
	key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	der, err := pkcs8.MarshalPrivateKey(key, passphrase, scheme)
	if err != nil {
		return "", err
	}
	public, err := smx509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return "", err
	}
	return inPem("ENCRYPTED PRIVATE KEY", der) + " " + inPem("PUBLIC KEY", public), nil
}

func verify(public, id, message, signature []byte) (string, error) {
	if len(id) == 0 {
		return "", errUnsupported
	}
	block, _ := pem.Decode(public)
	if block == nil {
		return "", errors.New("no PEM")
	}
	read, err := smx509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return "", err
	}
	key, ok := read.(*ecdsa.PublicKey)
	if !ok {
		return "", errors.New("no public key of SM2")
	}
	return fmt.Sprint(sm2.VerifyASN1WithSM2(key, id, message, signature)), nil
}

func secret(text []byte) (*sm2.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM")
	}
	return pkcs8.ParsePKCS8PrivateKeySM2(block.Bytes, passphrase)
}

func inPem(kind string, der []byte) string {
	return hex.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func unhex(word string) []byte {
	data, _ := hex.DecodeString(strings.TrimPrefix(word, "-"))
	return data
}
