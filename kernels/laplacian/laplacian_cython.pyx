# cython: boundscheck=False, wraparound=False, language_level=3
from cython.parallel cimport prange


def fill(double[:, ::1] u, double[:, ::1] out, double factor):
    cdef Py_ssize_t i, j, n = u.shape[0]
    for i in prange(1, n - 1, schedule="static", nogil=True):
        for j in range(1, n - 1):
            out[i, j] = (u[i - 1, j] + u[i + 1, j] + (u[i, j - 1] + u[i, j + 1]) - 4 * u[i, j]) * factor
