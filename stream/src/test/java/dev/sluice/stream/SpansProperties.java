package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Waiting.Reason;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SpansProperties {
    private static final long MILLI = 1_000_000;

    /** However many waits there are: few are kept, in order, and no time is lost or invented. */
    @Property(tries = 50)
    void manyWaitsAreFewSpans(@ForAll long seed) {
        Spans many = new Spans();
        Random random = new Random(seed);
        List<Trail> trails = Stream.of("a", "b", "c")
                .map(path -> new Trail(path, null, false))
                .toList();
        List<Reason> reasons = List.of(Reason.values());
        long now = 0;
        long waited = 0;
        for (int i = 0; i < 5000; i++) {
            now += 1 + (long) (random.nextDouble() * random.nextDouble() * 50 * MILLI);
            Spans.Span span =
                    many.begin(trails.get(random.nextInt(3)), reasons.get(random.nextInt(reasons.size())), now);
            long length = 1L + random.nextInt((int) MILLI);
            now += length;
            waited += length;
            many.end(span, now);
        }

        long end = now;
        assertThat(many.all()).hasSizeLessThanOrEqualTo(129);
        assertThat(many.all().stream().mapToLong(span -> span.waited(end)).sum())
                .isEqualTo(waited);
        assertThat(many.all().stream().map(Spans.Span::from)).isSorted();
        assertThat(many.all())
                .allSatisfy(span -> assertThat(span.waited(end)).isLessThanOrEqualTo(span.to(end) - span.from()));
    }
}
