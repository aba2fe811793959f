package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Waiting.Reason;
import org.junit.jupiter.api.Test;

class SpansTest {
    private static final long MILLI = 1_000_000;

    private final Spans spans = new Spans();
    private final Trail one = new Trail("one", null, false);
    private final Trail other = new Trail("other", null, false);

    @Test
    void waitsThatFollowEachOtherCloselyAreOneSpan() {
        for (int i = 0; i < 10; i++) {
            Spans.Span span = spans.begin(one, Reason.BYTES, i * MILLI);
            spans.end(span, i * MILLI + MILLI / 4);
        }

        assertThat(spans.all()).hasSize(1);
        assertThat(spans.all().getFirst().waited(10 * MILLI)).isEqualTo(10 * MILLI / 4);
        assertThat(spans.all().getFirst().to(10 * MILLI)).isEqualTo(9 * MILLI + MILLI / 4);
    }

    @Test
    void waitsAtTheSameTimeCountOnce() {
        Spans.Span first = spans.begin(one, Reason.COMMIT, 0);
        Spans.Span second = spans.begin(one, Reason.COMMIT, MILLI);
        spans.end(first, 2 * MILLI);
        spans.end(second, 3 * MILLI);

        assertThat(spans.all()).hasSize(1);
        assertThat(spans.all().getFirst().waited(4 * MILLI)).isEqualTo(3 * MILLI);
    }

    @Test
    void otherFilesAndOtherReasonsAreOtherSpans() {
        spans.end(spans.begin(one, Reason.COMMIT, 0), MILLI);
        spans.end(spans.begin(other, Reason.COMMIT, MILLI), 2 * MILLI);
        spans.end(spans.begin(other, Reason.BYTES, 2 * MILLI), 3 * MILLI);

        assertThat(spans.all()).hasSize(3);
    }

    @Test
    void aSpanThatLastsEndsNow() {
        Spans.Span span = spans.begin(one, Reason.ROOM, 5);

        assertThat(span.to(MILLI)).isEqualTo(MILLI);
        assertThat(span.waited(MILLI)).isEqualTo(MILLI - 5);
    }
}
