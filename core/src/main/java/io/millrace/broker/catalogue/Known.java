package io.millrace.broker.catalogue;

import io.millrace.resource.Resource;

/// A resource that exists.
///
/// @param incarnation tells it from every other resource that ever was, those of its name included
/// @param secrets the number of its file of secrets; 0 if it has none
public record Known(Resource resource, int incarnation, int secrets) {}
