def scan_tables(stream): raise NotImplementedError
