package io.millrace.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Holds the whole repository to the rules of STYLE.md. That each rule can fail is shown by
/// [TidyRulesTest].
class TidyTest {
    private static final Map<String, TidyRule> RULES =
            Map.ofEntries(
                    Map.entry(
                            "no tabs, no blanks at line ends", LineRules.noTabsAndTrailingBlanks()),
                    Map.entry("nothing unfinished", LineRules.nothingUnfinished()),
                    Map.entry("no paths of a machine", LineRules.noMachinePaths()),
                    Map.entry("no test sleeps", LineRules.noSleepInTests()),
                    Map.entry("plain names", JavaRules.plainNames()),
                    Map.entry("no vague packages", JavaRules.noVagueFolders()),
                    Map.entry("packages are @NullMarked", JavaRules.packagesAreNullMarked()),
                    Map.entry("public types are documented", JavaRules.publicTypesAreDocumented()),
                    Map.entry("links resolve", DocumentRules.linksResolve()),
                    Map.entry("ARCHITECTURE.md is true", DocumentRules.architectureIsTrue()),
                    Map.entry("the changelog has an entry", DocumentRules.changelogHasAnEntry()));

    private final Repository repository = Repository.here();

    @TestFactory
    List<DynamicTest> rules() {
        return RULES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> holds(rule.getValue())))
                .toList();
    }

    private void holds(TidyRule rule) {
        assertThat(rule.problems(repository)).isEmpty();
    }

    @Test
    void nothingIsLargerThanTheTableAllows() {
        assertThat(SizeLimits.recorded().problems(repository)).isEmpty();
        SizeLimits.largest(repository)
                .forEach((measure, size) -> System.out.println(measure.key() + ": " + size));
    }

    @Test
    void theTableOnlyTightens() {
        assertThat(SizeLimits.recorded().tableProblems()).isEmpty();
    }
}
