package dev.sluice.jvm;

/**
 * Where a path leads: through a door.
 *
 * @param door the managed directory's
 * @param path the path in there
 */
record Route(Door door, String path) {}
