// Command hpgo is a Jupyter kernel for Go experiments and the workshop around it.
package main
