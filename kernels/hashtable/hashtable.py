"""Dictionaries in Python: the peers of package hashtable."""
from peer import row

STEP = 1_000_000_007


def make(n):
    letters, all = 2, 676
    while all < n:
        letters, all = letters + 1, all * 26
    keys = []
    for i in range(n):
        k, word = i * STEP % n, ""
        for _ in range(letters):
            word = chr(ord("a") + k % 26) + word
            k //= 26
        keys.append(word)
    return keys, [k + "x" for k in keys]


def sums(values):
    return [("found", sum(v != 0 for v in values)), ("sum of values", sum(values))]


def lookups(table, keys, missing):
    found = []
    for key, other in zip(keys, missing):
        found.append(table.get(key, 0))
        found.append(table.get(other, 0))
    return found


@row("dict", "text keys")
def _():
    def run(words):
        keys, missing = words
        return lookups({key: i + 1 for i, key in enumerate(keys)}, keys, missing)
    return run


def hashed(kind):
    """Words of a class with a hash of its own, which are made before they are measured."""
    made = {}

    def run(words):
        if made.get("of") is not words:
            made.update(of=words, keys=[kind(k) for k in words[0]], missing=[kind(k) for k in words[1]])
        keys, missing = made["keys"], made["missing"]
        return lookups({key: i + 1 for i, key in enumerate(keys)}, keys, missing)
    return run


@row("dict, constant", "a class whose hash is 42", largest=1000)
def _():
    class Word(str):
        def __hash__(self):
            return 42
    return hashed(Word)


@row("dict, perfect", "a class whose hash is the word as a number")
def _():
    class Word(str):
        def __hash__(self):
            n = 0
            for c in self:
                n = 26 * n + ord(c) - 97
            return n
    return hashed(Word)


@row("list", "searched from the front", largest=1000)
def _():
    def run(words):
        keys, missing = words

        class List:
            def get(self, key, default):
                try:
                    return keys.index(key) + 1
                except ValueError:
                    return default
        return lookups(List(), keys, missing)
    return run
