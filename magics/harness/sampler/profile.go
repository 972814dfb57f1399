package sampler

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
)

// Field numbers of profile.proto (github.com/google/pprof/proto): those needed to
// read the stacks that runtime/pprof writes.
const (
	profileSample    = 2
	profileLocation  = 4
	sampleLocationID = 1
	sampleValue      = 2
	locationID       = 1
	locationAddress  = 3
)

var errBroken = errors.New("it is broken")

// readProfile calls f for the stacks of a compressed profile with their values.
func readProfile(compressed []byte, f func(pcs []uintptr, values []int64)) error {
	z, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return err
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return err
	}
	address := map[uint64]uintptr{}
	var samples [][]byte
	err = fields(data, func(field int, _ uint64, body []byte) error {
		switch field {
		case profileSample:
			samples = append(samples, body)
		case profileLocation:
			var id, pc uint64
			err := fields(body, func(field int, v uint64, _ []byte) error {
				switch field {
				case locationID:
					id = v
				case locationAddress:
					pc = v
				}
				return nil
			})
			address[id] = uintptr(pc)
			return err
		}
		return nil
	})
	for _, s := range samples {
		if err != nil {
			return err
		}
		err = readSample(s, address, f)
	}
	return err
}

// readSample reads one stack. Addresses are of the instructions themselves; those
// of calls become return addresses, as elsewhere.
func readSample(body []byte, address map[uint64]uintptr, f func(pcs []uintptr, values []int64)) error {
	var pcs []uintptr
	var values []int64
	err := fields(body, func(field int, v uint64, packed []byte) error {
		return numbers(v, packed, func(v uint64) {
			switch field {
			case sampleLocationID:
				pc := address[v]
				if len(pcs) > 0 {
					pc++
				}
				pcs = append(pcs, pc)
			case sampleValue:
				values = append(values, int64(v))
			}
		})
	})
	if err == nil {
		f(pcs, values)
	}
	return err
}

// numbers calls f for a number, or all that are packed together.
func numbers(v uint64, packed []byte, f func(uint64)) error {
	if packed == nil {
		f(v)
		return nil
	}
	for len(packed) > 0 {
		v, n := binary.Uvarint(packed)
		if n <= 0 {
			return errBroken
		}
		f(v)
		packed = packed[n:]
	}
	return nil
}

// fields calls f for each field of a protocol buffer message: with its number, or
// with its bytes, which aren't nil then.
func fields(data []byte, f func(field int, v uint64, body []byte) error) error {
	const number, bytes = 0, 2 // wire types
	for len(data) > 0 {
		tag, n := binary.Uvarint(data)
		if n <= 0 {
			return errBroken
		}
		v, m := binary.Uvarint(data[n:])
		if m <= 0 {
			return errBroken
		}
		data = data[n+m:]
		var body []byte
		switch tag & 7 {
		case number:
		case bytes:
			if v > uint64(len(data)) {
				return errBroken
			}
			body, data = data[:v:v], data[v:]
		default: // runtime/pprof writes no others
			return errBroken
		}
		if err := f(int(tag>>3), v, body); err != nil {
			return err
		}
	}
	return nil
}
