package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The same, with all bytes moved by the server. */
class CopyTierTest extends DoorTest {
    @Override
    MountOptions options() {
        return super.options().tier(Tier.COPY);
    }

    @Test
    void nothingPassesBy() {
        assertThat(door.passes()).isFalse();
    }
}
