package io.millrace.event.filter.cesql;

import java.util.List;

/// How an expression came to its result: the expression, and the parts that were evaluated for it.
///
/// @param text the expression in its canonical spelling, shortened if it is long
/// @param result what it came to
/// @param decisive whether the expression that it is a part of has its result from this part
/// @param parts the operands of `AND`, `OR`, `XOR` and `NOT` as far as they were evaluated; of
///   everything else, the attributes that it reads
public record CesqlTrace(
        String text, CesqlResult result, boolean decisive, List<CesqlTrace> parts) {}
