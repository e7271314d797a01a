/// A stadium sells tickets: a portal sells them, and an ERP, the customers' profiles, live
/// reporting and the gates learn of it through Millrace.
///
/// Each is a small HTTP program of its own ([Main] starts any of them), keeps what it knows in a
/// file of its own, and may be killed at any time. [Stadium] starts them all, plays the customers,
/// and proves in the end that nothing was lost and nobody was let in twice.
@NullMarked
package io.millrace.example.stadium;

import org.jspecify.annotations.NullMarked;
