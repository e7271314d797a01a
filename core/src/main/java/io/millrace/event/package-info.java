/// Events and the contexts they belong to: the vocabulary that every other room speaks.
@NullMarked
package io.millrace.event;

import org.jspecify.annotations.NullMarked;
