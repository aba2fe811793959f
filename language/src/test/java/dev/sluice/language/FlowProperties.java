package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import dev.sluice.language.Flow.Version;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class FlowProperties {
    private static final ValidatorFactory SCHEMAS = new ValidatorFactory().withJsonNodeFactory(new GsonNode.Factory());

    @Property
    void whatIsWrittenIsReadAgain(@ForAll Random random, @ForAll Version version) throws Exception {
        Flow flow = Flows.any(random);

        Reading reading = Reading.of("flow", flow.toJson(version), Reading.Mode.STRICT);

        assertThat(reading.orThrow()).isEqualTo(flow);
        assertThat(reading.version()).isEqualTo(version);
        assertThat(reading.flow().orElseThrow().toJson(version)).isEqualTo(flow.toJson(version));
    }

    @Property(tries = 300)
    void whatIsWrittenIsValidUnderTheSchema(@ForAll Random random, @ForAll Version version) {
        String json = Flows.any(random).toJson(version);

        assertThat(SCHEMAS.validate(Flow.schema(version), json).isValid())
                .as(json)
                .isTrue();
    }

    @Property(tries = 300)
    void aBuilderOfAFlowMakesThatFlow(@ForAll Random random) {
        Flow flow = Flows.any(random);

        assertThat(flow.toBuilder().build().steps()).isEqualTo(flow.steps());
        assertThat(flow.toBuilder().build().aliases()).isEqualTo(flow.aliases());
        assertThat(flow.toBuilder().build().storage()).isEqualTo(flow.storage());
        assertThat(flow.toBuilder().build().homeNodes()).isEqualTo(flow.homeNodes());
    }

    @Property(tries = 300)
    void checkingAndExplainingEndsAndChangesNothing(@ForAll Random random) {
        Flow flow = Flows.any(random);
        List<Problem> problems = flow.check(null, _ -> false);
        assertThat(flow.check(null, _ -> false)).isEqualTo(problems);
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.message()).isNotBlank();
            assertThat(problem.line()).isZero();
        });
        Contracts contracts = Contracts.of(flow);
        for (String step : contracts.steps()) {
            assertThat(contracts.file("a/b").explain(step)).isNotEmpty();
            assertThat(contracts.directory("a").explain(step)).isNotEmpty();
        }
        assertThat(contracts.file("a/b").reasons()).isNotEmpty();
    }
}
