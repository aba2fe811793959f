package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Flow;
import org.junit.jupiter.api.Test;

class SchemaTest {
    @Test
    void printsTheSchemaOfTheVersion() {
        assertThat(sluice("schema").out())
                .isEqualTo(Flow.schema(Flow.Version.V1_1).stripTrailing() + "\n");
        assertThat(sluice("schema", "1.0").out())
                .isEqualTo(Flow.schema(Flow.Version.V1_0).stripTrailing() + "\n");
        assertThat(sluice("schema", "3").status()).isEqualTo(2);
    }
}
