package io.millrace.query.sql.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Reads `POLYGON` and `MULTIPOLYGON` of OGC 06-103r4, section 7. Heights and measures may stand
/// behind a point's longitude and latitude; they do not count.
final class WellKnownText {
    private final String text;
    private int at;

    private WellKnownText(String text) {
        this.text = text;
    }

    /// What is wrong with a text, and where.
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private Malformed(String message) {
            super(message);
        }
    }

    static Area area(String text) throws Malformed {
        WellKnownText reader = new WellKnownText(text);
        Area area = reader.tagged();
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw reader.malformed("the end of the text");
        }
        return area;
    }

    private Area tagged() throws Malformed {
        String tag = word();
        boolean many = tag.equals("MULTIPOLYGON");
        if (!many && !tag.equals("POLYGON")) {
            at = 0;
            throw malformed("POLYGON or MULTIPOLYGON");
        }
        String more = word();
        if (more.equals("Z") || more.equals("M") || more.equals("ZM")) {
            more = word();
        }
        if (more.equals("EMPTY")) {
            return new Area(List.of());
        }
        if (!more.isEmpty()) {
            throw malformed("( or EMPTY");
        }
        return new Area(many ? list(this::polygon) : List.of(polygon()));
    }

    private Area.Polygon polygon() throws Malformed {
        List<Area.Ring> rings = list(this::ring);
        return new Area.Polygon(rings.getFirst(), List.copyOf(rings.subList(1, rings.size())));
    }

    private Area.Ring ring() throws Malformed {
        List<double[]> points = list(this::point);
        double[] first = points.getFirst();
        if (points.size() < 4 || !Arrays.equals(first, points.getLast())) {
            throw malformed("a ring of 4 points or more that ends where it begins");
        }
        return new Area.Ring(
                points.stream().mapToDouble(point -> point[0]).toArray(),
                points.stream().mapToDouble(point -> point[1]).toArray());
    }

    private double[] point() throws Malformed {
        double longitude = number();
        double latitude = number();
        if (Math.abs(longitude) > 360 || Math.abs(latitude) > 90) {
            throw malformed("longitude, then latitude, in degrees");
        }
        for (int extra = 0; extra < 2 && peek() != ',' && peek() != ')'; extra++) {
            number();
        }
        return new double[] {longitude, latitude};
    }

    private double number() throws Malformed {
        skipBlanks();
        int from = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        try {
            return Double.parseDouble(text.substring(from, at));
        } catch (NumberFormatException _) {
            at = from;
            throw malformed("a number");
        }
    }

    private interface Part<T> {
        T read() throws Malformed;
    }

    /// `(part, part, ...)`, one part at least.
    private <T> List<T> list(Part<T> part) throws Malformed {
        expect('(');
        List<T> parts = new ArrayList<>();
        parts.add(part.read());
        while (peek() == ',') {
            at++;
            parts.add(part.read());
        }
        expect(')');
        return parts;
    }

    private void expect(char wanted) throws Malformed {
        if (peek() != wanted) {
            throw malformed(String.valueOf(wanted));
        }
        at++;
    }

    /// The next character that is no blank, or 0 at the end.
    private char peek() {
        skipBlanks();
        return at < text.length() ? text.charAt(at) : 0;
    }

    private String word() {
        skipBlanks();
        int from = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at).toUpperCase(Locale.ROOT);
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private Malformed malformed(String expected) {
        String found = text.substring(at, Math.min(text.length(), at + 20));
        return new Malformed(
                "not well-known text: expected %s at character %d, found %s"
                        .formatted(
                                expected,
                                at + 1,
                                found.isEmpty() ? "the end" : "\"" + found + "\""));
    }
}
