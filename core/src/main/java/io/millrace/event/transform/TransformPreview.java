package io.millrace.event.transform;

import org.jspecify.annotations.Nullable;

/// A transform that is tried out.
///
/// @param input the document that the expression saw, as JSON; `null` if it could not be made
/// @param output what the expression gave, as JSON, before it became an event; `null` if it gave
///   nothing or failed
/// @param result what [Transform#apply] would have given
public record TransformPreview(
        @Nullable String input, @Nullable String output, TransformResult result) {}
