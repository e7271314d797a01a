package io.millrace.event;

/// The types that an attribute's value may have (CloudEvents 1.0, section "Type System").
public enum AttributeType {
    BOOLEAN,
    INTEGER,
    STRING,
    BINARY,
    URI,
    URI_REFERENCE,
    TIMESTAMP
}
