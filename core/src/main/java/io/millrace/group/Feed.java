package io.millrace.group;

/// Where a cursor's events come from, and which of them it wants.
public record Feed(EventRules rules, Connector connector) {}
