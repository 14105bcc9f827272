// gmsm, in Go: envelopes with SM2 and SM4 in the form of GM/T 0010, and certificates to address them to.
//
//	gmsm certify PUBLIC.pem CERTIFICATE.pem          a certificate to encrypt with for this key, from an authority made now
//	gmsm holder KEY.pem CERTIFICATE.pem              a key of its own and its certificate
//	gmsm seal FILE ENVELOPE CERTIFICATE.pem …
//	gmsm open ENVELOPE FILE KEY.pem CERTIFICATE.pem
package main

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"time"

	"github.com/emmansun/gmsm/pkcs"
	"github.com/emmansun/gmsm/pkcs7"
	"github.com/emmansun/gmsm/pkcs8"
	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

func main() {
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(what string, files []string) error {
	switch what {
	case "certify":
		der, err := readPem(files[0])
		if err != nil {
			return err
		}
		public, err := smx509.ParsePKIXPublicKey(der)
		if err != nil {
			return err
		}
		return certify(public.(*ecdsa.PublicKey), files[1])
	case "holder":
		key, err := sm2.GenerateKey(rand.Reader)
		if err != nil {
			return err
		}
		der, err := smx509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return err
		}
		if err := writePem(files[0], "PRIVATE KEY", der); err != nil {
			return err
		}
		return certify(&key.PublicKey, files[1])
	case "seal":
		return seal(files[0], files[1], files[2:])
	case "open":
		return open(files[0], files[1], files[2], files[3])
	default:
		return errors.New("certify, holder, seal or open")
	}
}

func certify(public *ecdsa.PublicKey, file string) error {
	authority, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return err
	}
	issuer := smx509.Certificate{Subject: pkix.Name{Organization: []string{"示例认证中心"}, CommonName: "SM2 CA"}}
	subject := smx509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "示例法院"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		KeyUsage:     smx509.KeyUsageKeyEncipherment | smx509.KeyUsageDataEncipherment,
	}
	der, err := smx509.CreateCertificate(rand.Reader, &subject, &issuer, public, authority)
	if err != nil {
		return err
	}
	return writePem(file, "CERTIFICATE", der)
}

func seal(file, envelope string, certificates []string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var holders []*smx509.Certificate
	for _, name := range certificates {
		certificate, err := readCertificate(name)
		if err != nil {
			return err
		}
		holders = append(holders, certificate)
	}
	sealed, err := pkcs7.EncryptSM(pkcs.SM4CBC, content, holders)
	if err != nil {
		return err
	}
	return os.WriteFile(envelope, sealed, 0o600)
}

func open(envelope, file, keyFile, certificateFile string) error {
	sealed, err := os.ReadFile(envelope)
	if err != nil {
		return err
	}
	der, err := readPem(keyFile)
	if err != nil {
		return err
	}
	key, err := pkcs8.ParsePKCS8PrivateKeySM2(der)
	if err != nil {
		return err
	}
	certificate, err := readCertificate(certificateFile)
	if err != nil {
		return err
	}
	read, err := pkcs7.Parse(sealed)
	if err != nil {
		return err
	}
	content, err := read.Decrypt(certificate, key)
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o600)
}

func readCertificate(file string) (*smx509.Certificate, error) {
	der, err := readPem(file)
	if err != nil {
		return nil, err
	}
	return smx509.ParseCertificate(der)
}

func readPem(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM: " + file)
	}
	return block.Bytes, nil
}

func writePem(file, kind string, der []byte) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
