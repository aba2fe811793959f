package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationTableTest {
    @Test
    void numbersAreNeverUsedAgain(@TempDir Path folder) throws Exception {
        try (Context context = Context.builder().kind(Context.Kind.THREADS).open();
                AsyncFile file = AsyncFile.open(folder.resolve("file"), context, CREATE, WRITE)) {
            OperationTable table = new OperationTable(3);
            Set<Long> seen = new HashSet<>();
            List<Operation> inside = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                Operation operation = Operation.force(file, true);
                table.add(operation);
                assertThat(operation.ringId).isNotNegative().isLessThan(1L << 62);
                assertThat(seen.add(operation.ringId)).isTrue();
                assertThat(table.get(operation.ringId)).isSameAs(operation);
                inside.add(operation);
                if (inside.size() == 3) {
                    Operation gone = inside.remove(i % 3);
                    long id = gone.ringId;
                    table.remove(gone);
                    assertThat(gone.ringId).isNegative();
                    assertThatIllegalStateException()
                            .isThrownBy(() -> table.get(id))
                            .withMessageContaining("" + id);
                }
            }
            List<Operation> found = new ArrayList<>();
            table.forEach(found::add);
            assertThat(found).containsExactlyInAnyOrderElementsOf(inside);
            inside.forEach(table::remove);
            assertThat(table.isEmpty()).isTrue();
        }
    }
}
