package sampler

// sysPerfEventOpen is the number of the system call.
const sysPerfEventOpen = 298
