package dev.sluice.files;

/** Stands for one state of a file's contents, from one change by somebody else to the next; there is one object for each. */
final class Epoch {}
