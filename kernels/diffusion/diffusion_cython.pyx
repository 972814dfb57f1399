# cython: boundscheck=False, wraparound=False, language_level=3
from cython.parallel cimport prange


cdef inline void end(double[:, ::1] u, double[:, ::1] out, Py_ssize_t i, Py_ssize_t above, Py_ssize_t below,
                     Py_ssize_t j, Py_ssize_t left, Py_ssize_t right, double dt) noexcept nogil:
    out[i, j] = u[i, j] + (u[below, j] + u[above, j] - 2 * u[i, j] + (u[i, right] + u[i, left] - 2 * u[i, j])) * dt


def step(double[:, ::1] u, double[:, ::1] out, double dt):
    cdef Py_ssize_t i, j, above, below, n = u.shape[0]
    for i in prange(n, schedule="static", nogil=True):
        above = i - 1 if i > 0 else n - 1
        below = i + 1 if i < n - 1 else 0
        end(u, out, i, above, below, 0, n - 1, 1 if n > 1 else 0, dt)
        end(u, out, i, above, below, n - 1, n - 2 if n > 1 else 0, 0, dt)
        for j in range(1, n - 1):
            out[i, j] = u[i, j] + (u[below, j] + u[above, j] - 2 * u[i, j] + (u[i, j + 1] + u[i, j - 1] - 2 * u[i, j])) * dt
