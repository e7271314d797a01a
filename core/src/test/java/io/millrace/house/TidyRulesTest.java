package io.millrace.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.house.SizeLimits.Measure;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Shows each rule a sample that breaks it, and one that only looks as if it did.
class TidyRulesTest {
    private static final String MAIN = "core/src/main/java/io/millrace/room/";
    private static final String TEST = "core/src/test/java/io/millrace/room/";

    @Test
    void blanks() {
        finds(LineRules.noTabsAndTrailingBlanks(), "a.md", "x\n\ty\nz \n", "a.md:2", "a.md:3");
        findsNothing(LineRules.noTabsAndTrailingBlanks(), "a.md", "x\n  y\n");
    }

    @Test
    void unfinishedWork() {
        finds(LineRules.nothingUnfinished(), MAIN + "A.java", "// TO" + "DO: later", "A.java:1");
        finds(LineRules.nothingUnfinished(), "a.sh", "# FIX" + "ME", "a.sh:1");
        findsNothing(LineRules.nothingUnfinished(), "a.sh", "mktemp millrace.XX" + "XXXX");
    }

    @Test
    void machinePaths() {
        finds(LineRules.noMachinePaths(), "a.md", "see /ho" + "me/ann/x", "a.md:1");
        findsNothing(LineRules.noMachinePaths(), "a.md", "https://a.org/ho" + "me/ann");
    }

    @Test
    void sleepingTests() {
        String sleep = "Thread" + ".sleep(10);";
        finds(LineRules.noSleepInTests(), TEST + "ATest.java", sleep, "ATest.java:1");
        findsNothing(LineRules.noSleepInTests(), MAIN + "A.java", sleep);
    }

    @Test
    void names() {
        TidyRule rule = JavaRules.plainNames();
        finds(rule, MAIN + "A.java", "class LogImpl {}", "LogImpl");
        finds(rule, MAIN + "A.java", "class StringUtils {}", "StringUtils");
        finds(rule, MAIN + "A.java", "record LogManager(int x) {}", "LogManager");
        finds(rule, MAIN + "A.java", "enum HelperKind {}", "HelperKind");
        finds(rule, MAIN + "A.java", "class AbstractLog {}", "AbstractLog");
        finds(rule, MAIN + "A.java", "class LogBase {}", "LogBase");
        finds(rule, MAIN + "A.java", "interface ILog {}", "ILog");
        findsNothing(
                rule, MAIN + "A.java", "class Database {}\ninterface InOrder {}\n// class AImpl");
        finds(JavaRules.noVagueFolders(), MAIN + "util/A.java", "class A {}", "room/util");
        findsNothing(JavaRules.noVagueFolders(), MAIN + "A.java", "class A {}");
    }

    @Test
    void packages() {
        TidyRule rule = JavaRules.packagesAreNullMarked();
        finds(rule, MAIN + "A.java", "class A {}", "no package-info.java");
        finds(rule, MAIN + "package-info.java", "package a;", "no package-info.java");
        findsNothing(rule, MAIN + "package-info.java", "@NullMarked\npackage a;");
    }

    @Test
    void documentation() {
        TidyRule rule = JavaRules.publicTypesAreDocumented();
        finds(rule, MAIN + "A.java", "package a;\n\npublic final class A {}", "A.java:3: A");
        finds(rule, MAIN + "A.java", "@B(c = {\"}\"})\npublic record A(int b) {}", "A.java:2: A");
        finds(rule, MAIN + "A.java", "/// x\nclass A {\n  public enum B {}\n}", "A.java:3: B");
        findsNothing(rule, MAIN + "A.java", "/// An A.\n@B(c = {\"}\"})\n@D\npublic class A {}");
        findsNothing(rule, MAIN + "A.java", "class A {}\n");
    }

    @Test
    void links() {
        TidyRule rule = DocumentRules.linksResolve();
        finds(rule, "docs/a.md", "see [b](b.md)", "docs/a.md:1: nothing is at b.md");
        finds(rule, "docs/a.md", "# One two\n[b](#one-three)", "#one-three");
        findsNothing(rule, "docs/a.md", "# One `two`!\n[b](../docs/a.md#one-two) `[x](y)`");
        findsNothing(rule, "docs/a.md", "```\n[x](y)\n```\n[x](https://a.org)");
    }

    @Test
    void architecture() {
        TidyRule rule = DocumentRules.architectureIsTrue();
        finds(
                rule,
                "ARCHITECTURE.md",
                "`room/Gone`, `room.Gone.run`",
                "room/Gone",
                "room.Gone.run");
        finds(rule, "ARCHITECTURE.md", "`docs/gone.md` and `gone/`", "docs/gone.md", "gone/");
        finds(rule, "ARCHITECTURE.md", "`" + MAIN + "Gone.java`", "Gone.java");
        Map<String, String> files =
                Map.of(
                        "ARCHITECTURE.md",
                        "`room/A`, `room.A.run`, `room/`, `" + MAIN + "A.java`",
                        MAIN + "A.java",
                        "");
        assertThat(rule.problems(new Repository(files))).isEmpty();
        assertThat(rule.problems(new Repository(Map.of()))).isNotEmpty();
    }

    @Test
    void changelog() {
        TidyRule rule = DocumentRules.changelogHasAnEntry();
        String pom = "<artifactId>millrace</artifactId>\n<version>1.2.0</version>";
        assertThat(rule.problems(new Repository(Map.of("pom.xml", pom)))).isNotEmpty();
        assertThat(changelog(rule, pom, "## 1.1.0\n\n- a\n")).isFalse();
        assertThat(changelog(rule, pom, "## 1.2.0\n\n## 1.1.0\n\n- a\n")).isFalse();
        assertThat(changelog(rule, pom, "## 1.2.0 (not released)\n\n- a\n")).isTrue();
    }

    private static boolean changelog(TidyRule rule, String pom, String text) {
        return rule.problems(new Repository(Map.of("pom.xml", pom, "CHANGELOG.md", text)))
                .isEmpty();
    }

    @Test
    void sizes() {
        SizeLimits limits =
                new SizeLimits(
                        Map.of(
                                Measure.FILE_LINES, 6,
                                Measure.METHOD_LINES, 3,
                                Measure.LINE_COLUMNS, 20,
                                Measure.PACKAGE_FILES, 1));
        String small = "class A {\n  int a() {\n    return 1;\n  }\n}\n";
        String long4 = "class A {\n  A() {\n    b(() -> {\n    });\n  }\n}\n";
        assertThat(limits.problems(new Repository(Map.of("A.java", small)))).isEmpty();
        assertThat(limits.problems(new Repository(Map.of("A.java", long4))))
                .containsExactly("A.java:2: method.lines 4, allowed are 3");
        assertThat(limits.problems(new Repository(Map.of("A.java", "\n".repeat(7))))).hasSize(1);
        assertThat(limits.problems(new Repository(Map.of("A.java", "x".repeat(21))))).hasSize(1);
        assertThat(limits.problems(new Repository(Map.of("A.java", small, "B.java", small))))
                .containsExactly(": package.files 2, allowed are 1");
        assertThat(new SizeLimits(Map.of(Measure.FILE_LINES, 501)).tableProblems()).hasSize(1);
    }

    @Test
    void methodsAreFoundInNestedTypesAndAnonymousOnes() {
        String java =
                """
                class A {
                    static final int X = f(";");
                    record B(int c) { B { c++; } int d() { return '}'; } }
                    Runnable e = new Runnable() { public void run() { if (a) { b(); } } };
                    void f() throws E { for (;;) { } } // { {
                    String g() { return \"""
                        { { {
                        \"""; }
                    static { h(); }
                }
                """;
        assertThat(new JavaCode(java).methods())
                .extracting(method -> method.header().replaceAll(".*\\s(\\w+)\\(.*", "$1"))
                .containsExactly("d", "run", "f", "g", "static");
    }

    private static void finds(TidyRule rule, String path, String text, String... parts) {
        assertThat(rule.problems(new Repository(Map.of(path, text))))
                .hasSize(parts.length)
                .satisfies(problems -> {
                    for (int i = 0; i < parts.length; i++) {
                        assertThat(problems.get(i)).contains(parts[i]);
                    }
                });
    }

    private static void findsNothing(TidyRule rule, String path, String text) {
        assertThat(rule.problems(new Repository(Map.of(path, text)))).isEmpty();
    }
}
