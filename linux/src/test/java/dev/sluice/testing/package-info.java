/** What the tests of several modules share: other processes, deadlines, descriptors and pipes. */
package dev.sluice.testing;
