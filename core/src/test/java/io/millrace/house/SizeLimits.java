package io.millrace.house;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// How large things may be: the table `limits.properties`, whose numbers may only go down.
final class SizeLimits {
    /// What is measured, and the number above which no table may ever go.
    enum Measure {
        FILE_LINES(500),
        METHOD_LINES(50),
        LINE_COLUMNS(120),
        PACKAGE_FILES(62);

        private final int ceiling;

        Measure(int ceiling) {
            this.ceiling = ceiling;
        }

        /// Its name in the table.
        String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '.');
        }
    }

    private final Map<Measure, Integer> allowed;

    SizeLimits(Map<Measure, Integer> allowed) {
        this.allowed = new EnumMap<>(allowed);
    }

    /// The table of the repository.
    static SizeLimits recorded() {
        Properties table = new Properties();
        try (InputStream in = SizeLimits.class.getResourceAsStream("limits.properties")) {
            if (in == null) {
                throw new IllegalStateException("limits.properties is missing");
            }
            table.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<Measure, Integer> allowed = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            allowed.put(measure, Integer.valueOf(table.getProperty(measure.key(), "0").strip()));
        }
        return new SizeLimits(allowed);
    }

    /// Numbers of the table itself that are above what the house allows.
    List<String> tableProblems() {
        List<String> problems = new ArrayList<>();
        allowed.forEach((measure, number) -> {
            if (number > measure.ceiling) {
                problems.add(
                        "limits.properties: %s may be at most %d"
                                .formatted(measure.key(), measure.ceiling));
            }
        });
        return problems;
    }

    /// Everything that is larger than the table allows.
    List<String> problems(Repository repository) {
        List<String> problems = new ArrayList<>();
        for (Size size : sizes(repository)) {
            int limit = allowed.getOrDefault(size.measure, 0);
            if (size.number > limit) {
                problems.add(
                        "%s%s %d, allowed are %d"
                                .formatted(size.place, size.measure.key(), size.number, limit));
            }
        }
        return problems;
    }

    /// The largest of each measure, with its place: what the table could be tightened to.
    static Map<Measure, String> largest(Repository repository) {
        Map<Measure, Size> largest = new EnumMap<>(Measure.class);
        for (Size size : sizes(repository)) {
            largest.merge(size.measure, size, (a, b) -> a.number >= b.number ? a : b);
        }
        Map<Measure, String> shown = new EnumMap<>(Measure.class);
        largest.forEach((measure, size) -> shown.put(measure, size.number + " " + size.place));
        return shown;
    }

    private record Size(Measure measure, int number, String place) {}

    private static List<Size> sizes(Repository repository) {
        List<Size> sizes = new ArrayList<>();
        Map<String, Integer> packages = new TreeMap<>();
        for (SourceText file : repository.files()) {
            if (isCode(file)) {
                sizes.add(new Size(Measure.FILE_LINES, file.lines().size(), file.path() + ": "));
            }
            if (file.isJava()) {
                packages.merge(file.folder(), 1, Integer::sum);
                addJava(file, sizes);
            }
        }
        packages.forEach((folder, files) ->
                sizes.add(new Size(Measure.PACKAGE_FILES, files, folder + ": ")));
        return sizes;
    }

    private static boolean isCode(SourceText file) {
        return file.path().matches(".*\\.(java|ts|tsx|mjs|js|css|sh|html)")
                || !file.name().contains(".");
    }

    private static void addJava(SourceText file, List<Size> sizes) {
        List<String> lines = file.lines();
        for (int i = 0; i < lines.size(); i++) {
            int columns = lines.get(i).codePointCount(0, lines.get(i).length());
            sizes.add(new Size(Measure.LINE_COLUMNS, columns, file.at(i + 1)));
        }
        for (JavaCode.Method method : new JavaCode(file.text()).methods()) {
            int from = file.lineAt(method.from());
            int length = file.lineAt(method.until()) - from + 1;
            sizes.add(new Size(Measure.METHOD_LINES, length, file.at(from)));
        }
    }
}
