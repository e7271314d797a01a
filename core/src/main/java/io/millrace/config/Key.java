package io.millrace.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes a component of a configuration record: its key in the file is the component's name.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
    /// What it means, as one sentence for the reference.
    String doc();

    /// The value when the key is absent, as it would be written in the file. Without one, the key
    /// is required, unless its type is nullable, a record or a list.
    String def() default "";

    /// The smallest number that is accepted.
    long min() default 0;

    /// The largest number that is accepted.
    long max() default Long.MAX_VALUE;

    /// The smallest size or duration that is accepted, with its unit; empty sets no bound.
    String least() default "";

    /// The largest size or duration that is accepted, with its unit; empty sets no bound.
    String most() default "";
}
