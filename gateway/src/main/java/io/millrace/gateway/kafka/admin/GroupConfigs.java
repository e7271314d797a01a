package io.millrace.gateway.kafka.admin;

/// What is set for groups. Thread-safe; never blocks.
public interface GroupConfigs {
    /// What holds for a group: what was set, else the default. Always a value that is allowed.
    String value(String group, GroupConfig config);

    /// The same as a number, for those that are one.
    default int number(String group, GroupConfig config) {
        return Integer.parseInt(value(group, config));
    }
}
