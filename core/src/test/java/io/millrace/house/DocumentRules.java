package io.millrace.house;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rules for the documents: what they point at is there.
final class DocumentRules {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE_SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern CLASS =
            Pattern.compile("((?:[a-z][a-z0-9]*[./])+)([A-Z]\\w*)(?:[.#][a-z]\\w*(?:\\(\\))?)?");

    private DocumentRules() {}

    static TidyRule linksResolve() {
        return repository -> {
            List<String> problems = new ArrayList<>();
            for (SourceText file : repository.files()) {
                if (file.isMarkdown()) {
                    checkLinks(repository, file, problems);
                }
            }
            return problems;
        };
    }

    private static void checkLinks(Repository repository, SourceText file, List<String> problems) {
        List<String> lines = withoutFences(file);
        for (int i = 0; i < lines.size(); i++) {
            Matcher link = LINK.matcher(CODE_SPAN.matcher(lines.get(i)).replaceAll("``"));
            while (link.find()) {
                String target = link.group(1);
                if (!target.matches("[a-z]+:.*") && !resolves(repository, file, target)) {
                    problems.add(file.at(i + 1) + "nothing is at " + target);
                }
            }
        }
    }

    private static boolean resolves(Repository repository, SourceText from, String target) {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        String full = path.isEmpty() ? from.path() : normal(from.folder() + "/" + path);
        if (!repository.exists(full)) {
            return false;
        }
        SourceText document = repository.file(full);
        return hash < 0
                || document == null
                || !document.isMarkdown()
                || anchors(document).contains(target.substring(hash + 1));
    }

    private static String normal(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..") && !segments.isEmpty()) {
                segments.removeLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        return String.join("/", segments);
    }

    /// The anchors that the usual renderers give to headings.
    private static Set<String> anchors(SourceText document) {
        Set<String> anchors = new HashSet<>();
        for (String line : withoutFences(document)) {
            if (line.matches("#{1,6} .*")) {
                String title =
                        line.replaceFirst("#+ ", "").replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1");
                anchors.add(
                        title.toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                                .replace(' ', '-'));
            }
        }
        return anchors;
    }

    /// The lines with those inside fences emptied.
    private static List<String> withoutFences(SourceText document) {
        List<String> lines = new ArrayList<>();
        boolean fenced = false;
        for (String line : document.lines()) {
            boolean fence = line.strip().startsWith("```");
            fenced ^= fence;
            lines.add(fenced || fence ? "" : line);
        }
        return lines;
    }

    /// What ARCHITECTURE.md names in backticks as a path or as `package/Class` exists.
    static TidyRule architectureIsTrue() {
        return repository -> {
            SourceText document = repository.file("ARCHITECTURE.md");
            if (document == null) {
                return List.of("ARCHITECTURE.md: is missing");
            }
            List<String> problems = new ArrayList<>();
            List<String> lines = withoutFences(document);
            for (int i = 0; i < lines.size(); i++) {
                Matcher spans = CODE_SPAN.matcher(lines.get(i));
                while (spans.find()) {
                    if (!isTrue(repository, spans.group(1))) {
                        problems.add(document.at(i + 1) + "there is no " + spans.group(1));
                    }
                }
            }
            return problems;
        };
    }

    private static boolean isTrue(Repository repository, String span) {
        Matcher type = CLASS.matcher(span);
        if (!span.endsWith(".java") && type.matches()) {
            String file = type.group(1).replace('.', '/') + type.group(2) + ".java";
            return repository.hasFileEndingIn("/" + file);
        }
        boolean path =
                span.matches("[\\w.-]+(/[\\w.-]+)*/")
                        || span.matches("[\\w.-]+(/[\\w.-]+)+\\.\\w+");
        return !path || repository.exists(normal(span)) || existsInPackage(repository, span);
    }

    private static boolean existsInPackage(Repository repository, String span) {
        String folder = "/io/millrace/" + normal(span) + "/";
        return repository.files().stream().anyMatch(file -> file.path().contains(folder));
    }

    /// The changelog names the version that is being made and something about it.
    static TidyRule changelogHasAnEntry() {
        return repository -> {
            SourceText changelog = repository.file("CHANGELOG.md");
            SourceText pom = repository.file("pom.xml");
            if (changelog == null || pom == null) {
                return List.of("CHANGELOG.md: is missing");
            }
            Matcher version =
                    Pattern.compile(
                                    "<artifactId>millrace</artifactId>\\s*<version>([^<]+)</version>")
                            .matcher(pom.text());
            boolean named =
                    version.find()
                            && Pattern.compile(
                                            "^## .*"
                                                    + Pattern.quote(version.group(1))
                                                    + ".*\\n(?:(?!^## )[\\s\\S])*?^- \\S",
                                            Pattern.MULTILINE)
                                    .matcher(changelog.text())
                                    .find();
            return named ? List.of() : List.of("CHANGELOG.md: no entry for the version of pom.xml");
        };
    }
}
