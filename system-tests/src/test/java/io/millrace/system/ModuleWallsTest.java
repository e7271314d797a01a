package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.house.Walls;
import org.junit.jupiter.api.Test;

/// Holds the modules on the class path to their walls: gateways use the front door only, the
/// command line knows events and errors only.
class ModuleWallsTest {
    private final JavaClasses classes =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("io.millrace");

    @Test
    void everyModuleKnowsOnlyWhatItMay() {
        assertThat(classes).isNotEmpty();
        assertThat(Walls.ofModules("io.millrace").problems(classes)).isEmpty();
    }

    @Test
    void thePackagesOfHttpFormNoCircle() {
        assertThat(classes.containPackage("io.millrace.gateway.http.exchange")).isTrue();
        assertThat(Walls.ofModules("io.millrace").circles(classes, "gateway.http")).isEmpty();
    }
}
