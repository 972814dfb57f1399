package timing

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"hpgo/magics/magic"
	"hpgo/magics/result"
)

// floors are noise floors by what they hold for: a processor and a toolchain.
type floors map[string]result.NoiseFloor

// floorKey is what a floor holds for.
func floorKey(cpu, goVersion string) string { return cpu + "|" + goVersion }

// sessionFloors are those that %bench has found in this session.
func sessionFloors(h magic.Host) floors {
	return h.Keep("noise floors", func() any { return floors{} }).(floors)
}

// floorFile is where floors are kept for other sessions: below the user's directory
// of settings.
func floorFile(h magic.Host) (string, error) {
	env := magic.Environ(h)
	dir := env["XDG_CONFIG_HOME"]
	if !filepath.IsAbs(dir) {
		if dir = env["HOME"]; !filepath.IsAbs(dir) {
			return "", errors.New("neither XDG_CONFIG_HOME nor HOME is a directory")
		}
		dir = filepath.Join(dir, ".config")
	}
	return filepath.Join(dir, "hpgo", "noise.json"), nil
}

// readFloors reads a file of floors; one that isn't there has none.
func readFloors(path string) (floors, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return floors{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read noise floors: %w", err)
	}
	all := floors{}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("read noise floors: %s: %w", path, err)
	}
	return all, nil
}

// storeFloor keeps a floor for other sessions and returns the file. A file that can't
// be read is replaced.
func storeFloor(h magic.Host, n result.NoiseFloor) (string, error) {
	path, err := floorFile(h)
	if err != nil {
		return "", fmt.Errorf("store the noise floor: %w", err)
	}
	all, err := readFloors(path)
	if err != nil {
		all = floors{}
	}
	n.Stored = path
	all[floorKey(n.CPU, n.Go)] = n
	data, err := json.MarshalIndent(all, "", " ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o777)
	}
	if err == nil {
		err = replaceFiles(map[string][]byte{path: append(data, '\n')})
	}
	if err != nil {
		return "", fmt.Errorf("store the noise floor: %w", err)
	}
	return path, nil
}

// knownFloor is the floor of a processor and a toolchain: the session's, or else the
// one that another session has stored. nil: there is none, or it can't be read.
func knownFloor(h magic.Host, cpu, goVersion string) *result.NoiseFloor {
	key := floorKey(cpu, goVersion)
	if n, ok := sessionFloors(h)[key]; ok {
		return &n
	}
	path, err := floorFile(h)
	if err != nil {
		return nil
	}
	all, err := readFloors(path)
	if n, ok := all[key]; err == nil && ok && n.Floor >= 0 && n.Floor < 1 {
		return &n
	}
	return nil
}
