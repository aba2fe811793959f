package dev.sluice.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.sluice.house.Repository.Module;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the modules were compiled to. */
final class Compiled {
    private Compiled() {}

    static JavaClasses classesOf(Module module) {
        return classesOf(List.of(module));
    }

    static JavaClasses classesOf(List<Module> modules) {
        List<Path> folders = modules.stream()
                .filter(module -> Files.exists(module.sources()))
                .map(Compiled::classes)
                .toList();
        return new ClassFileImporter().importPaths(folders);
    }

    private static Path classes(Module module) {
        if (!Files.exists(module.classes())) {
            throw new IllegalStateException("the module '" + module.name()
                    + "' is not compiled, so its arrows cannot be seen; run: mvn verify (from the root)");
        }
        return module.classes();
    }
}
