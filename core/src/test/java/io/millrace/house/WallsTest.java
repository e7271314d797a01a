package io.millrace.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Holds core to its walls. The rooms below [io.millrace.house.broken] break each of them, which
/// shows that they can be broken.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WallsTest {
    private static final String BROKEN = "io.millrace.house.broken";

    private final JavaClasses core =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.millrace");
    private final JavaClasses broken = new ClassFileImporter().importPackages(BROKEN);

    @Test
    void everyRoomKnowsOnlyThoseBelowIt() {
        assertThat(core).isNotEmpty();
        assertThat(Walls.ofCore("io.millrace").problems(core)).isEmpty();
    }

    @Test
    void thePackagesOfTheBrokerFormNoCircle() {
        assertThat(core.containPackage("io.millrace.broker.queue")).isTrue();
        assertThat(Walls.ofCore("io.millrace").circles(core, "broker")).isEmpty();
    }

    @Test
    void onlyIoOpensDoors() {
        assertThat(Walls.ofCore("io.millrace").doorProblems(core)).isEmpty();
    }

    @Test
    void aRoomThatKnowsOneAboveItIsFound() {
        assertThat(Walls.ofCore(BROKEN).problems(broken))
                .anyMatch(problem -> problem.contains("LogThatKnowsTheBroker"))
                .noneMatch(problem -> problem.startsWith("Method <" + BROKEN + ".broker."));
    }

    @Test
    void aRoomWithoutAPlaceIsFound() {
        assertThat(Walls.ofCore(BROKEN).problems(broken))
                .contains("the room " + BROKEN + ".attic has no place in the table of walls");
    }

    @Test
    void everyDoorIsFound() {
        assertThat(Walls.ofCore(BROKEN).doorProblems(broken))
                .anyMatch(problem -> problem.contains("currentTimeMillis"))
                .anyMatch(problem -> problem.contains("Instant.now"))
                .anyMatch(problem -> problem.contains("Files.exists"))
                .anyMatch(problem -> problem.contains("SplittableRandom"))
                .anyMatch(problem -> problem.contains("Thread.ofVirtual"))
                .noneMatch(problem -> problem.contains("broken.io."));
    }

    @Test
    void aGatewayThatReachesBehindTheFrontDoorIsFound() {
        assertThat(Walls.ofModules(BROKEN).problems(broken))
                .anyMatch(problem -> problem.contains("GatewayThatKnowsTheShard"));
    }

    @Test
    void packagesInACircleAreFound() {
        assertThat(Walls.ofModules(BROKEN).circles(broken, "gateway.ring"))
                .anyMatch(problem -> problem.contains("Cycle detected"))
                .anyMatch(problem -> problem.contains("gateway.ring.Whole"));
    }
}
