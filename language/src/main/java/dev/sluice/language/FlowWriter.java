package dev.sluice.language;

import dev.sluice.language.Flow.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;

/** Writes flows as JSON: always the same for equal flows. */
final class FlowWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator out;

    private FlowWriter(JsonGenerator out) {
        this.out = out;
    }

    static String write(Flow flow, Version version) {
        if (version == Version.V1_0 && !flow.configuration().isEmpty()) {
            throw new IllegalArgumentException("version 1.0 cannot name a configuration, and flow \"" + flow.name()
                    + "\" names " + flow.configuration() + "; write version 1.1, or do without it");
        }
        StringWriter text = new StringWriter();
        ObjectWriteContext pretty = new ObjectWriteContext.Base() {
            @Override
            public PrettyPrinter getPrettyPrinter() {
                DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
                return new DefaultPrettyPrinter(
                                Separators.createDefaultInstance().withObjectNameValueSpacing(Spacing.AFTER))
                        .withObjectIndenter(indenter);
            }

            @Override
            public boolean hasPrettyPrinter() {
                return true;
            }
        };
        try (JsonGenerator generator = FACTORY.createGenerator(pretty, text)) {
            new FlowWriter(generator).flow(flow, version);
        }
        return text.append('\n').toString();
    }

    private void flow(Flow flow, Version version) {
        out.writeStartObject();
        out.writeStringProperty("name", flow.name());
        if (version == Version.V1_1) {
            out.writeName("version");
            out.writeNumber("1.1");
        }
        if (!flow.configuration().isEmpty()) {
            out.writeStringProperty("configuration", flow.configuration());
        }
        if (!flow.aliases().isEmpty()) {
            out.writeArrayPropertyStart("aliases");
            for (Flow.Alias alias : flow.aliases()) {
                out.writeStartObject();
                out.writeStringProperty("group_name", alias.name());
                list("files", alias.paths());
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        out.writeArrayPropertyStart("IO_Graph");
        flow.steps().forEach(this::step);
        out.writeEndArray();
        listUnlessEmpty("permanent", flow.permanent());
        listUnlessEmpty("exclude", flow.excluded());
        homeNodes(flow.homeNodes());
        if (!flow.storage().equals(Storage.UNSAID)) {
            out.writeObjectPropertyStart("storage");
            listUnlessEmpty("memory", flow.storage().memory());
            listUnlessEmpty("fs", flow.storage().disk());
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private void step(Step step) {
        out.writeStartObject();
        out.writeStringProperty("name", step.name());
        list("input_stream", step.inputs());
        list("output_stream", step.outputs());
        if (!step.rules().isEmpty()) {
            out.writeArrayPropertyStart("streaming");
            step.rules().forEach(this::rule);
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private void rule(Rule rule) {
        out.writeStartObject();
        list(rule.kind() == Rule.Kind.FILE ? "name" : "dirname", rule.paths());
        out.writeStringProperty("committed", rule.commit().toString());
        switch (rule.commit()) {
            case CommitRule.OnFile onFile -> list("file_deps", onFile.files());
            case CommitRule.OnNFiles onNFiles -> out.writeNumberProperty("n_files", onNFiles.files());
            case CommitRule.OnClose _, CommitRule.OnTermination _ -> {}
        }
        out.writeStringProperty("mode", rule.fire().toString());
        out.writeEndObject();
    }

    private void homeNodes(HomeNodes policies) {
        if (policies.equals(HomeNodes.UNSAID)) {
            return;
        }
        out.writeObjectPropertyStart("home_node_policies");
        listUnlessEmpty("create", policies.create());
        listUnlessEmpty("hashing", policies.hashing());
        if (!policies.manual().isEmpty()) {
            out.writeArrayPropertyStart("manual");
            for (HomeNodes.Manual manual : policies.manual()) {
                out.writeStartObject();
                list("name", manual.paths());
                out.writeStringProperty("app_node", manual.node());
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private void listUnlessEmpty(String name, List<String> texts) {
        if (!texts.isEmpty()) {
            list(name, texts);
        }
    }

    private void list(String name, List<String> texts) {
        out.writeArrayPropertyStart(name);
        texts.forEach(out::writeString);
        out.writeEndArray();
    }

    static String schema(Version version) {
        String name = "capio-cl-" + version + ".schema.json";
        try (InputStream in = FlowWriter.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the schema " + name + " is missing from this installation of Sluice");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
