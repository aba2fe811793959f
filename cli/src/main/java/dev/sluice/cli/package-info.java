/** The program {@code sluice}: start with {@link Main}; every command is one class, named as the command. */
package dev.sluice.cli;
