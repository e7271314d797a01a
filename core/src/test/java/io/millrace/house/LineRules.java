package io.millrace.house;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Rules that look at one line of text at a time.
final class LineRules {
    // The words are put together so that this file does not break its own rule.
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(" + "TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.:/*-])/(?:home|Users|work|root)/[A-Za-z]");
    private static final Pattern SLEEP = Pattern.compile("\\bThread\\s*\\.\\s*sleep\\b");

    private LineRules() {}

    static TidyRule noTabsAndTrailingBlanks() {
        return lines(
                _ -> true,
                line -> line.indexOf('\t') >= 0 || line.endsWith(" "),
                "a tab or a blank at the end");
    }

    static TidyRule nothingUnfinished() {
        return lines(_ -> true, line -> UNFINISHED.matcher(line).find(), "unfinished work");
    }

    static TidyRule noMachinePaths() {
        return lines(
                _ -> true,
                line -> MACHINE_PATH.matcher(line).find(),
                "an absolute path of somebody's machine");
    }

    static TidyRule noSleepInTests() {
        return lines(
                file -> file.isJava() && file.path().contains("src/test/"),
                line -> SLEEP.matcher(line).find() && !line.contains("Pattern"),
                "a test that sleeps; wait for a condition instead");
    }

    private static TidyRule lines(
            Predicate<SourceText> files, Predicate<String> bad, String problem) {
        return repository -> {
            List<String> problems = new ArrayList<>();
            for (SourceText file : repository.files()) {
                List<String> lines = files.test(file) ? file.lines() : List.of();
                for (int i = 0; i < lines.size(); i++) {
                    if (bad.test(lines.get(i))) {
                        problems.add(file.at(i + 1) + problem);
                    }
                }
            }
            return problems;
        };
    }
}
