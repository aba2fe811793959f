package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Node;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodesTest extends OnMount {
    private static final int MANY = 3000;

    private final List<Node> files = new ArrayList<>();
    private Nodes nodes;

    @BeforeEach
    void makeFiles() throws IOException, Refusal {
        Request request = new RequestOfRoot();
        for (int i = 0; i < MANY; i++) {
            Files.createFile(root.resolve("f" + i));
            files.add(workflow.tree().lookup(request, workflow.tree().root(), "f" + i));
        }
        nodes = new Nodes(workflow.tree().root());
    }

    @Test
    void aFileIsKnownAsOftenAsItWasTold() {
        Node file = files.getFirst();
        assertThat(nodes.find(file.id())).isNull();
        Known known = nodes.tell(file);
        assertThat(nodes.tell(file)).isSameAs(known);
        assertThat(nodes.find(file.id())).isSameAs(known);
        nodes.forget(file.id(), 1);
        assertThat(nodes.find(file.id())).isSameAs(known);
        nodes.forget(file.id(), 1);
        assertThat(nodes.find(file.id())).isNull();
        nodes.forget(file.id(), 1);
        assertThat(nodes.count()).isZero();
    }

    @Test
    void theRootIsAlwaysKnown() {
        long root = workflow.tree().root().id();
        assertThat(nodes.find(root).node()).isSameAs(workflow.tree().root());
        nodes.forget(root, 1000);
        assertThat(nodes.find(root)).isNotNull();
    }

    @Test
    void manyAreKnownAndForgotten() {
        files.forEach(nodes::tell);
        assertThat(nodes.count()).isEqualTo(MANY);
        assertThat(files)
                .allSatisfy(file -> assertThat(nodes.find(file.id()).node()).isSameAs(file));
        files.forEach(file -> nodes.forget(file.id(), 1));
        assertThat(nodes.count()).isZero();
        assertThat(files).allSatisfy(file -> assertThat(nodes.find(file.id())).isNull());
    }

    @Test
    void numbersThatNobodyHasAreNotKnown() {
        assertThat(nodes.find(0)).isNull();
        assertThat(nodes.find(-1)).isNull();
        assertThat(nodes.find(Long.MAX_VALUE)).isNull();
    }
}
