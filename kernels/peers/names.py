"""The letters and the mixing function that the subjects' generated names are made of."""
MASK = 0xFFFFFFFF
UPPER, LOWER, VOWELS = "BDFGKLMNPRSTVWYZ", "bdfgklmnprstvwyz", "aeio"


def mixed(x):
    x ^= x >> 16
    x = x * 0x7FEB352D & MASK
    x ^= x >> 15
    x = x * 0x846CA68B & MASK
    return x ^ x >> 16
