package io.millrace.broker.query;

import java.util.Map;
import java.util.Set;

/// What samples say of an input's data.
///
/// @param types SQL types of the fields, in the order in which they were met
/// @param optional fields that some of the samples lack
/// @param samples how many events were looked at
public record InferredSchema(Map<String, String> types, Set<String> optional, int samples) {}
