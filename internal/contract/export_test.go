package contract

// EngineOnly leaves admit out, so that the two can be compared.
func EngineOnly() Option { return func(c *Contract) { c.engineOnly = true } }
