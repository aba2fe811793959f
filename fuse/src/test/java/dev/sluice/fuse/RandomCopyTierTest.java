package dev.sluice.fuse;

/** The same, with all bytes moved by the server. */
class RandomCopyTierTest extends RandomOperationsTest {
    @Override
    MountOptions options() {
        return super.options().tier(Tier.COPY);
    }
}
