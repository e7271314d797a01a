package io.millrace.broker;

import io.millrace.event.filter.Explanation;
import org.jspecify.annotations.Nullable;

/// Why a subscription delivers an event, or does not.
///
/// @param wanted whether the subscription's interest covers it
/// @param why what each clause said: context, types, source, filters
/// @param state what has become of a stored event, as a sentence; `null` if the event is not a
///   stored one
public record EventExplanation(boolean wanted, Explanation why, @Nullable String state) {}
