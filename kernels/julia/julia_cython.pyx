# cython: boundscheck=False, wraparound=False, language_level=3
from cython.parallel cimport prange


cdef inline int escape(int maxiter, double complex z, double complex c) noexcept nogil:
    cdef int n = 0
    while n < maxiter and z.real * z.real + z.imag * z.imag < 4:
        z = z * z + c
        n += 1
    return n


def counts(int maxiter, double complex[::1] zs, double complex[::1] cs, int[::1] output):
    cdef Py_ssize_t i, n = zs.shape[0]
    for i in prange(n, schedule="guided", nogil=True):
        output[i] = escape(maxiter, zs[i], cs[i])
