package io.millrace.resource;

/// In which order a subscription's events are delivered.
public enum DeliveryOrder {
    /// As they come; one that fails holds nothing back.
    NONE,
    /// Those of one key one at a time and in order; one that fails holds back its own key.
    KEY
}
