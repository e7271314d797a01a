package io.millrace.cli.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The columns of a row: their names, in order.
///
/// @param names unique names
/// @param index where each name stands
record Columns(List<String> names, Map<String, Integer> index) {
    /// Makes names unique: a name without text becomes `c1`, `c2`, … after its place, and a
    /// repeated one gets `_2`, `_3`, ….
    static Columns of(List<String> given) {
        List<String> names = new ArrayList<>(given.size());
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < given.size(); i++) {
            String name = given.get(i).isBlank() ? "c" + (i + 1) : given.get(i).strip();
            String unique = name;
            for (int n = 2; !taken.add(unique); n++) {
                unique = name + "_" + n;
            }
            names.add(unique);
        }
        return unique(names);
    }

    /// Takes names that are unique already.
    static Columns unique(List<String> names) {
        Map<String, Integer> index = HashMap.newHashMap(names.size());
        for (int i = 0; i < names.size(); i++) {
            index.put(names.get(i), i);
        }
        return new Columns(List.copyOf(names), index);
    }

    /// All names, for an error.
    String listed() {
        return String.join(", ", names);
    }
}
