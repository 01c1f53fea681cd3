"""``python -m stimproof``: the command line without its entry point script."""

from stimproof.cli import main

if __name__ == "__main__":
    main()
