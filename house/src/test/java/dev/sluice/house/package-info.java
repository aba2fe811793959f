/** Gates over the whole repository, as tests: what each demands and what mends it is in CONTRIBUTING.md. */
package dev.sluice.house;
