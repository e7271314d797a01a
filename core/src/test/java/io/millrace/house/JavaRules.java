package io.millrace.house;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rules for names, packages and documentation of Java code.
final class JavaRules {
    private static final Set<String> WORDS_FORBIDDEN =
            Set.of("Impl", "Util", "Utils", "Manager", "Helper", "Helpers", "Base", "Abstract");
    private static final Pattern TYPE =
            Pattern.compile("(?:^|[\\s)])(class|@?interface|enum|record)\\s+([A-Z]\\w*)");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile(
                    "public\\s+(?:(?:static|final|sealed|non-sealed|abstract)\\s+)*"
                            + "(?:class|@?interface|enum|record)\\s+([A-Z]\\w*)");

    private JavaRules() {}

    static TidyRule plainNames() {
        return repository -> {
            List<String> problems = new ArrayList<>();
            for (SourceText file : repository.files()) {
                if (file.isJava()) {
                    checkNames(file, problems);
                }
            }
            return problems;
        };
    }

    private static void checkNames(SourceText file, List<String> problems) {
        Matcher types = TYPE.matcher(new JavaCode(file.text()).text());
        while (types.find()) {
            String name = types.group(2);
            String place = file.at(file.lineAt(types.start(2)));
            for (String word : name.split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", -1)) {
                if (WORDS_FORBIDDEN.contains(word)) {
                    problems.add(place + name + " says nothing with '" + word + "'");
                }
            }
            if (types.group(1).endsWith("interface") && name.matches("I[A-Z][a-z].*")) {
                problems.add(place + name + " needs no I to be an interface");
            }
        }
    }

    static TidyRule packagesAreNullMarked() {
        return repository -> {
            Set<String> folders = new TreeSet<>();
            for (SourceText file : repository.files()) {
                if (file.isMainJava()) {
                    folders.add(file.folder());
                }
            }
            List<String> problems = new ArrayList<>();
            for (String folder : folders) {
                SourceText info = repository.file(folder + "/package-info.java");
                if (info == null || !info.text().contains("@NullMarked")) {
                    problems.add(folder + ": no package-info.java with @NullMarked");
                }
            }
            return problems;
        };
    }

    static TidyRule publicTypesAreDocumented() {
        return repository -> {
            List<String> problems = new ArrayList<>();
            for (SourceText file : repository.files()) {
                if (file.isMainJava()) {
                    checkDocumented(file, problems);
                }
            }
            return problems;
        };
    }

    private static void checkDocumented(SourceText file, List<String> problems) {
        String code = new JavaCode(file.text()).text();
        Matcher types = PUBLIC_TYPE.matcher(code);
        while (types.find()) {
            int start = beforeAnnotations(code, types.start());
            String[] above = file.text().substring(0, start).stripTrailing().split("\n", -1);
            if (!above[above.length - 1].strip().startsWith("///")) {
                problems.add(
                        file.at(file.lineAt(types.start())) + types.group(1) + " has no /// text");
            }
        }
    }

    /// Goes back over the annotations before a declaration.
    private static int beforeAnnotations(String code, int declaration) {
        int start = declaration;
        while (true) {
            int end = code.substring(0, start).stripTrailing().length();
            if (end > 0 && code.charAt(end - 1) == ')') {
                end = openingParenthesis(code, end - 1);
            }
            int name = end;
            while (name > 0
                    && (Character.isJavaIdentifierPart(code.charAt(name - 1))
                            || code.charAt(name - 1) == '.')) {
                name--;
            }
            if (name == end || name == 0 || code.charAt(name - 1) != '@') {
                return start;
            }
            start = name - 1;
        }
    }

    private static int openingParenthesis(String code, int closing) {
        int depth = 0;
        for (int i = closing; i >= 0; i--) {
            depth += code.charAt(i) == ')' ? 1 : code.charAt(i) == '(' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return 0;
    }

    static TidyRule noVagueFolders() {
        return repository -> {
            Set<String> problems = new TreeSet<>();
            for (SourceText file : repository.files()) {
                boolean vague =
                        Arrays.stream(file.folder().split("/", -1))
                                .anyMatch(
                                        Set.of("util", "utils", "impl", "common", "misc")
                                                ::contains);
                if (file.isJava() && vague) {
                    problems.add(file.folder() + ": a package's name says what is in it");
                }
            }
            return List.copyOf(problems);
        };
    }
}
